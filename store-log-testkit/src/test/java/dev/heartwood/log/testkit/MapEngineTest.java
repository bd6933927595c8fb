package dev.heartwood.log.testkit;

import dev.heartwood.log.SharedLog;

/** An engine that is written with the parts for authors of engines keeps the promises of a log. */
class MapEngineTest extends LogContract {
    private static final MapEngine ENGINE = new MapEngine();

    @Override
    protected SharedLog connect(String name) {
        return ENGINE.connect(name);
    }
}
