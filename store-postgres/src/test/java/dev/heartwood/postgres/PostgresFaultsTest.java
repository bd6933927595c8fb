package dev.heartwood.postgres;

import dev.heartwood.log.testkit.LogFaultsContract;

class PostgresFaultsTest extends LogFaultsContract {
    PostgresFaultsTest() {
        super(new PostgresEngine());
    }
}
