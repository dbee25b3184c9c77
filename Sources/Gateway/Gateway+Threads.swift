import LogPipeline
import Reactor

// What runs on the gateway's threads. Each makes its loop itself: a loop never crosses threads.
extension Gateway {
    static func runLoop(
        index: Int,
        plan: Plan,
        group: SocketLoopGroup,
        _ shared: SharedState,
        _ started: Handover<Result<LoopHandle, Errno>>
    ) {
        do throws(Errno) {
            let reactor = try SocketLoop(group: group, index: index)
            var loop = GatewayLoop(
                reactor: reactor,
                index: index,
                loops: plan.loops,
                configuration: plan.configuration,
                topics: plan.topics.count + plan.deadLetterTopics.count,
                proxied: plan.listeners.map(\.isProxied),
                flusher: plan.flusher,
                shared: shared,
                clock: .system,
                logger: plan.logger
            )
            started.give(.success(loop.handle))
            loop.run()
        } catch {
            started.give(.failure(error))
        }
    }

    static func runAdmin(
        listeners: BoundListeners,
        context: AdminContext,
        _ started: Handover<Result<Inbox<AdminLoop.Message>, Errno>>
    ) {
        do throws(Errno) {
            var reactor = try SocketLoop()
            listeners.take(loop: 0) { reactor.listen($0) }
            var loop = AdminLoop(reactor: reactor, context: context)
            started.give(.success(loop.inbox))
            loop.run()
        } catch {
            started.give(.failure(error))
        }
    }
}
