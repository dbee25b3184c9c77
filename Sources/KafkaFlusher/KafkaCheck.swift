internal import CRdKafka
package import LogPipeline

/// What can be said about a configuration without connecting to anything.
package struct KafkaCheck: Sendable {
    /// With any of these, `start` throws the first.
    package let errors: [FlusherError]
    /// Sentences for the operator, each naming its setting.
    package let warnings: [String]

    init(_ configuration: KafkaConfiguration) {
        let batchBytes = ProducerState.batchBytes(configuration)
        let properties = KafkaProperties(configuration, hosts: [], batchBytes: batchBytes)
        warnings = properties.warnings
        var errors = properties.errors
        if errors.isEmpty {
            do throws(FlusherError) {
                let bundle = try CertificateBundle.make(configuration.tls)
                // Without bootstrap.servers the handle connects to nobody; making it shows what contradicts.
                _ = try KafkaHandle(properties, batchBytes: batchBytes, bundle: bundle)
            } catch {
                errors.append(error)
            }
        }
        self.errors = errors
    }
}
