import JSON

extension TriggerRules {
    /// TIMER: the names of a function's timers are all different (user manual).
    static let timer = push(
        members: [
            .required("name", .name),
            .required("schedule_type", .choice(["Rate", "Cron"])),
            .required("schedule"),
            .optional("user_event"),
        ],
        check: { data throws(FGSError) in
            _ = try TimerSchedule(type: data.string("schedule_type"), schedule: data.string("schedule"))
        },
        identity: .name(.timerTriggerExists),
        invalid: .invalidTimerTrigger,
        notFound: .timerTriggerNotFound,
        canBeDisabled: true
    )
}
