package dev.heartwood.etcd;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract of roots over the engine, in long runs: {@link EtcdLogTest} and the in-memory log pass in each build. */
@EnabledIfSystemProperty(named = "heartwood.long", matches = "true")
class EtcdLocalReadsRootTest extends LogRootContract {
    EtcdLocalReadsRootTest() {
        super(Reads.LOCAL);
    }

    @Override
    protected SharedLog connect(String name) throws Exception {
        return EtcdEngine.shared(name);
    }
}
