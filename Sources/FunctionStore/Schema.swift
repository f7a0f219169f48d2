import GRDB

/// The database's schema, and how one of an earlier release becomes it. A migration that was ever released does not
/// change; a new state of the schema is a new migration, merged with those before it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("3", merging: ["1", "2"]) { database, earlier in
            for statement in earlier.isEmpty ? present : upgrade { try database.execute(sql: statement) }
        }
        return migrator
    }

    /// From the first or the second version, which had the same tables but for one.
    private static let upgrade = [
        // Of earlier builds; logs have a database of their own, see `LogStore`.
        "DROP TABLE IF EXISTS log_chunks",
        """
        CREATE TABLE code_with_rowid (
            digest TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            bytes BLOB NOT NULL
        )
        """,
        "INSERT INTO code_with_rowid SELECT digest, size, bytes FROM code",
        "DROP TABLE code",
        "ALTER TABLE code_with_rowid RENAME TO code",
        "ALTER TABLE async_requests ADD COLUMN memory INTEGER",
    ]

    /// Times are milliseconds since 1970, UTC. What the API treats as one object is one JSON text; what is
    /// looked up, counted or joined is a column.
    private static let present = [
        // Code, once per content. With row ids: without them a row is its own key, and SQLite reads a key whole to compare
        // it, an archive of 50 MB for each function whose code stands beside it.
        """
        CREATE TABLE code (
            digest TEXT NOT NULL PRIMARY KEY,
            size INTEGER NOT NULL,
            bytes BLOB NOT NULL
        )
        """,
        """
        CREATE TABLE functions (
            id INTEGER PRIMARY KEY,
            func_id TEXT NOT NULL UNIQUE,
            project TEXT NOT NULL,
            package TEXT NOT NULL,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            is_pinned INTEGER NOT NULL DEFAULT 0,
            UNIQUE (project, package, name)
        )
        """,
        // Lists show the newest function first.
        "CREATE INDEX functions_by_project ON functions (project, id)",
        "CREATE INDEX functions_by_package ON functions (project, package, id)",
        // `latest`, which changes, and published versions, which do not.
        """
        CREATE TABLE versions (
            id INTEGER PRIMARY KEY,
            function INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL DEFAULT '',
            configuration TEXT NOT NULL,
            code TEXT NOT NULL,
            digest TEXT NOT NULL REFERENCES code,
            image_name TEXT NOT NULL,
            modified_at INTEGER NOT NULL,
            UNIQUE (function, name)
        )
        """,
        "CREATE INDEX versions_by_digest ON versions (digest)",
        """
        CREATE TABLE aliases (
            id INTEGER PRIMARY KEY,
            function INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
            name TEXT NOT NULL,
            version INTEGER NOT NULL REFERENCES versions,
            description TEXT,
            additional_version INTEGER REFERENCES versions,
            additional TEXT NOT NULL DEFAULT '{}',
            modified_at INTEGER NOT NULL,
            UNIQUE (function, name)
        )
        """,
        "CREATE INDEX aliases_by_version ON aliases (version)",
        // A trigger belongs to a version or to an alias.
        """
        CREATE TABLE triggers (
            id TEXT NOT NULL PRIMARY KEY,
            function INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
            version INTEGER REFERENCES versions ON DELETE CASCADE,
            alias INTEGER REFERENCES aliases,
            type TEXT NOT NULL,
            status TEXT NOT NULL,
            event_data TEXT NOT NULL,
            -- What it has in common with every trigger that it could conflict with.
            conflict_key TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            CHECK ((version IS NULL) <> (alias IS NULL))
        )
        """,
        "CREATE INDEX triggers_by_function ON triggers (function, type)",
        "CREATE INDEX triggers_by_conflict_key ON triggers (conflict_key)",
        """
        CREATE TABLE test_events (
            id TEXT NOT NULL PRIMARY KEY,
            function INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
            name TEXT NOT NULL,
            content TEXT NOT NULL,
            modified_at INTEGER NOT NULL,
            UNIQUE (function, name)
        )
        """,
        """
        CREATE TABLE dependencies (
            id TEXT NOT NULL PRIMARY KEY,
            project TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (project, name)
        )
        """,
        """
        CREATE TABLE dependency_versions (
            id TEXT NOT NULL PRIMARY KEY,
            dependency TEXT NOT NULL REFERENCES dependencies ON DELETE CASCADE,
            version INTEGER NOT NULL,
            runtime TEXT NOT NULL,
            description TEXT NOT NULL,
            file_name TEXT NOT NULL,
            link TEXT NOT NULL,
            etag TEXT NOT NULL,
            size INTEGER NOT NULL,
            digest TEXT REFERENCES code,
            modified_at INTEGER NOT NULL,
            UNIQUE (dependency, version)
        )
        """,
        // In the order in which they are merged into the code.
        """
        CREATE TABLE attached_dependencies (
            version INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
            position INTEGER NOT NULL,
            dependency_version TEXT NOT NULL REFERENCES dependency_versions,
            PRIMARY KEY (version, position)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX attached_dependencies_by_dependency ON attached_dependencies (dependency_version)",
        """
        CREATE TABLE tags (
            function INTEGER NOT NULL REFERENCES functions ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (function, key)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE async_configurations (
            version INTEGER NOT NULL PRIMARY KEY REFERENCES versions ON DELETE CASCADE,
            configuration TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL
        )
        """,
        // Kept when the function goes: what was accepted is accounted for. The memory is what a request asked for, in MB;
        // NULL for that of the function.
        """
        CREATE TABLE async_requests (
            id TEXT NOT NULL PRIMARY KEY,
            project TEXT NOT NULL,
            target TEXT NOT NULL,
            function_urn TEXT NOT NULL,
            event BLOB NOT NULL,
            status TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            error_code INTEGER NOT NULL DEFAULT 0,
            error_message TEXT NOT NULL DEFAULT '',
            accepted_at INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            started_at INTEGER,
            ended_at INTEGER,
            memory INTEGER
        )
        """,
        "CREATE INDEX async_requests_by_project ON async_requests (project, accepted_at)",
        "CREATE INDEX async_requests_due ON async_requests (due_at) WHERE status IN ('WAIT', 'RUNNING')",
        // Of a version or an alias.
        """
        CREATE TABLE reserved_instances (
            id INTEGER PRIMARY KEY,
            version INTEGER UNIQUE REFERENCES versions ON DELETE CASCADE,
            alias INTEGER UNIQUE REFERENCES aliases ON DELETE CASCADE,
            count INTEGER NOT NULL,
            is_idle_mode INTEGER NOT NULL DEFAULT 0,
            tactics TEXT,
            modified_at INTEGER NOT NULL,
            CHECK ((version IS NULL) <> (alias IS NULL))
        )
        """,
        // What happened in each minute, by the id of the function: a later one of its name starts anew.
        """
        CREATE TABLE metrics (
            func_id TEXT NOT NULL,
            minute INTEGER NOT NULL,
            project TEXT NOT NULL,
            count INTEGER NOT NULL,
            function_errors INTEGER NOT NULL,
            system_errors INTEGER NOT NULL,
            rejects INTEGER NOT NULL,
            runs INTEGER NOT NULL,
            total_us INTEGER NOT NULL,
            min_us INTEGER NOT NULL,
            max_us INTEGER NOT NULL,
            concurrency INTEGER NOT NULL,
            reserved INTEGER NOT NULL,
            mb_ms INTEGER NOT NULL,
            PRIMARY KEY (func_id, minute)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX metrics_by_project ON metrics (project, minute)",
        "CREATE TABLE lts_projects (project TEXT NOT NULL PRIMARY KEY, enabled_at INTEGER NOT NULL) WITHOUT ROWID",
    ]
}
