import JSON

extension TriggerRules {
    /// OBS: a bucket, of which no two triggers may report the same action on the same object.
    static let obs = push(
        members: [
            .required("bucket", .text(maximumLength: 64), isFixed: true),
            .required("events", .texts),
            .optional("prefix", .text(maximumLength: 1_024)),
            .optional("suffix", .text(maximumLength: 1_024)),
            .optional("name", .name),
        ],
        check: { data throws(FGSError) in _ = try BucketNotification(data) },
        identity: TriggerIdentity(
            scope: .project,
            code: .obsTriggerExists,
            key: { [$0.string("bucket")] },
            conflict: bucketConflict
        ),
        answers: [.defaulted("name") { trigger, _ in .string(trigger.id.description) }],
        invalid: .invalidOBSTrigger,
        notFound: .obsTriggerNotFound
    )

    @Sendable
    private static func bucketConflict(_ one: JSONObject, _ other: JSONObject) -> FGSError? {
        guard let wanted = try? BucketNotification(one), let present = try? BucketNotification(other),
            wanted.overlaps(present)
        else { return nil }
        let bucket = one.string("bucket")
        return wanted == present
            ? FGSError(.obsTriggerExists, "the bucket '\(bucket)' has a trigger for the same events already")
            : FGSError(
                .bucketEventConflict,
                "the bucket '\(bucket)' has a trigger that reports some of the same events of the same objects; "
                    + "their events, prefixes or suffixes must set them apart"
            )
    }
}
