extension TriggerRules {
    /// TIMER: the names of a function's timers are all different (user manual).
    static let timer = push(
        members: [
            .required("name", .name),
            .required("schedule_type", .choice(["Rate", "Cron"])),
            .required("schedule"),
            .optional("user_event"),
        ],
        identity: .name(.timerTriggerExists),
        invalid: .invalidTimerTrigger,
        notFound: .timerTriggerNotFound,
        canBeDisabled: true
    )
}
