/// A command line as others may read it: without tokens, headers' values, passwords and queries.
enum ShownCommand {
    static func text(_ words: [String]) -> String {
        var shown = ["sluice-load"]
        var isSecretNext = false
        for word in words {
            let name = word.prefix { $0 != "=" }
            let isSecret = ["--token", "--header", "--kafka"].contains(name)
            if isSecretNext {
                shown.append("…")
                isSecretNext = false
            } else if isSecret {
                isSecretNext = name == word[...]
                shown.append(isSecretNext ? word : "\(name)=…")
            } else if word.contains("://") {
                shown.append(String(word.prefix { $0 != "?" }))
            } else {
                shown.append(word.contains(" ") ? "\"\(word)\"" : word)
            }
        }
        return shown.joined(separator: " ")
    }
}
