package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Root;
import dev.heartwood.Store;
import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlowRootTest extends RootContract {
    @Override
    public Root create(Map<String, ?> tree) {
        return new SlowRoot(0, HashMap.ofAll(tree));
    }

    @Override
    public Optional<Root> reopen(Root root) {
        return Optional.of(((SlowRoot) root).reopen());
    }

    @Override
    public Optional<Hold> hold(Root root) {
        SlowRoot slow = (SlowRoot) root;
        slow.hold();
        return Optional.of(new Hold() {
            @Override
            public void release() {
                slow.release();
            }

            @Override
            public boolean takeBack() {
                slow.takeBack();
                return true;
            }
        });
    }

    @Override
    public boolean rollsBackUnnoticed() {
        return true;
    }

    @Override
    public boolean doubtNextCommit(Root root) {
        ((SlowRoot) root).doubtNext();
        return true;
    }

    @Test
    void commitsThatWaitShareOneSync() throws Exception {
        SlowRoot root = new SlowRoot(0, HashMap.of("a", 0L));
        Store store = store(root);
        Crew.together(8, index -> {
            for (int i = 0; i < 25; i++) {
                store.increment("a");
            }
        });
        assertThat(store.get("a")).isEqualTo(200L);
        assertThat(root.syncs()).isBetween(25, 150);
    }
}
