import Testing

/// The tests of the built programs, one after the other: each wants the machine for itself.
@Suite(.serialized, FreshEvidence(), .compactMapIssues { Evidence.beside($0) }) enum WholeSystem {}
