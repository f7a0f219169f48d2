import FunctionGraph
import FunctionStore
import Invocation
import JSON
import Sockets

/// Makes triggers fire that nothing outside the emulator does: by messages of their source, or one by itself.
@EventLoopActor
public final class Publisher {
    private let engine: TriggerEngine
    private let account: String
    private var sequence: UInt64 = 0

    /// A publisher for the triggers of an engine.
    ///
    /// - Parameter account: the id of the account that owns buckets and topics.
    public init(_ engine: TriggerEngine, account: String) {
        self.engine = engine
        self.account = account
    }

    /// Hands messages of a source to the triggers that listen to it.
    ///
    /// - Parameters:
    ///   - project: the only one whose triggers fire; nil for all of them.
    ///   - completion: told what came of it once every invocation is kept or refused; of an `FGSError`, if the
    ///     body is wrong or an event would be too large, and then nothing fires.
    public func publish(
        _ body: JSONObject, as type: TriggerType, project: ProjectID?,
        completion: @escaping (Result<Publication, FGSError>) -> Void
    ) {
        guard let messages = type.messages else {
            let advice =
                type == .timer
                ? "; POST /_emulator/triggers/{trigger_id}/fire makes one fire"
                : type.isGateway ? "; call the API at its invoke_url" : ""
            return completion(
                .failure(FGSError(.invalidParameter, "\(type.rawValue) triggers get no messages\(advice)")))
        }
        let parsed: any SourceMessages
        do throws(FGSError) {
            parsed = try messages.init(body, of: type)
        } catch {
            return completion(.failure(error))
        }
        publish(parsed, as: type, project: project, completion: completion)
    }

    /// Makes a trigger fire, whatever its source.
    ///
    /// - Parameters:
    ///   - body: `event`, which is the whole event; or members of the source's messages, of which the trigger's
    ///     own data complete those that are missing.
    ///   - completion: told what came of it once every invocation is kept or refused; of an `FGSError` if the
    ///     trigger does not exist (FSS.1131) or is disabled (FSS.0409), or the body is wrong.
    public func fire(
        _ id: String, _ body: JSONObject, completion: @escaping (Result<Publication, FGSError>) -> Void
    ) {
        engine.whenCurrent { [self] in
            do throws(FGSError) {
                guard let bound = engine.triggers[id] else {
                    throw FGSError(.triggerNotFound, "there is no trigger \(id.prefix(80))")
                }
                guard bound.trigger.status == .active else {
                    throw FGSError(
                        .conflict,
                        "the trigger \(id) is DISABLED: disabled triggers do not fire. Set its trigger_status to "
                            + "ACTIVE first")
                }
                let events = try events(of: bound, body)
                for event in events { try event.checkSize() }
                fire([(bound, events)], Publication()) { completion(.success($0)) }
            } catch {
                completion(.failure(error))
            }
        }
    }

    /// Hands messages that are known to be right to the triggers that listen to them.
    func publish(
        _ messages: any SourceMessages, as type: TriggerType, project: ProjectID? = nil,
        completion: @escaping (Result<Publication, FGSError>) -> Void
    ) {
        engine.whenCurrent { [self] in
            let concerned = engine.triggers.values.filter { bound in
                bound.trigger.type == type && (project == nil || bound.target.project == project)
                    && messages.concern(bound.trigger.data.object)
            }.sorted {
                ($0.trigger.created, $0.trigger.id.description) < (
                    $1.trigger.created, $1.trigger.id.description
                )
            }
            do throws(FGSError) {
                var result = Publication()
                var events: [(FunctionStore.BoundTrigger, [SourceEvent])] = []
                for bound in concerned {
                    if bound.trigger.status == .active {
                        events.append((bound, messages.events(for: bound, in: context())))
                    } else {
                        result.skipped.append(Publication.Skipped(bound: bound, refusal: nil))
                    }
                }
                for event in events.flatMap(\.1) { try event.checkSize() }
                fire(events, result) { completion(.success($0)) }
            } catch {
                completion(.failure(error))
            }
        }
    }

    /// Makes a trigger fire with messages that its source has sent to it alone.
    ///
    /// - Parameter completion: told whether every invocation is kept.
    func deliver(
        _ messages: any SourceMessages, to bound: FunctionStore.BoundTrigger,
        completion: @escaping (_ isKept: Bool) -> Void
    ) {
        fire([(bound, messages.events(for: bound, in: context()))], Publication()) {
            completion($0.skipped.isEmpty)
        }
    }

    private func context() -> SourceContext {
        let time = engine.timekeeper.clock.now()
        // Greater than the last one, and than those of an earlier server.
        sequence = max(sequence + 1, UInt64(max(0, time.milliseconds)) << 16)
        return SourceContext(
            region: engine.region, account: account, time: time, sequence: sequence,
            id: RequestIDGenerator.next())
    }

    private func events(
        of bound: FunctionStore.BoundTrigger, _ body: JSONObject
    ) throws(FGSError) -> [SourceEvent] {
        if let event = body["event"] {
            guard body.count == 1 else {
                throw FGSError(.invalidParameter, "event is the whole event; nothing may stand beside it")
            }
            return [SourceEvent(event.bytes)]
        }
        let (type, data) = (bound.trigger.type, bound.trigger.data.object)
        if type == .timer {
            guard body.isEmpty else {
                throw FGSError(
                    .invalidParameter, "a timer has no messages; leave the body out, or give the whole event")
            }
            return [SourceEvent(try TimerScheduler.event(of: bound, at: engine.timekeeper.clock.now()))]
        }
        guard let messages = type.messages else {
            throw FGSError(
                .invalidParameter,
                "a \(type.rawValue) trigger has no messages; give the whole event as \"event\"")
        }
        let whole = body.completed(by: messages.suggestions(of: data, type))
        return try messages.init(whole, of: type).events(for: bound, in: context())
    }

    /// Fires one after the other; each is answered when it is kept.
    private func fire(
        _ events: [(FunctionStore.BoundTrigger, [SourceEvent])], _ result: Publication,
        completion: @escaping (Publication) -> Void
    ) {
        let all = events.flatMap { bound, events in events.map { (bound, $0) } }
        guard !all.isEmpty else { return completion(result) }
        let answers = Answers(all.map(\.0))
        for (index, (bound, event)) in all.enumerated() {
            engine.fire(bound) {
                event.bytes($0)
            } accepted: { outcome in
                if answers.note(outcome, at: index) { completion(answers.complete(result)) }
            }
        }
    }

    /// The answers to several fires, in the order of the fires.
    @EventLoopActor
    private final class Answers {
        private let bounds: [FunctionStore.BoundTrigger]
        private var outcomes: [Result<String, FGSError>?]
        private var missing: Int

        init(_ bounds: [FunctionStore.BoundTrigger]) {
            self.bounds = bounds
            outcomes = Array(repeating: nil, count: bounds.count)
            missing = bounds.count
        }

        /// Whether it was the last one.
        func note(_ outcome: Result<String, FGSError>, at index: Int) -> Bool {
            outcomes[index] = outcome
            missing -= 1
            return missing == 0
        }

        func complete(_ result: Publication) -> Publication {
            var result = result
            for (bound, outcome) in zip(bounds, outcomes) {
                switch outcome {
                case .success(let id)?:
                    result.fired.append(Publication.Fired(bound: bound, requestID: id))
                case .failure(let error)?:
                    result.skipped.append(Publication.Skipped(bound: bound, refusal: error))
                case nil: break
                }
            }
            return result
        }
    }
}
