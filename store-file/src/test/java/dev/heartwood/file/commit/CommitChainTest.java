package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The chain of commits whose write has failed. */
class CommitChainTest {
    private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
    private final Snapshot durable = timeline.newest();
    private final CommitChain chain = new CommitChain(durable, 2);

    private ChainLink commit(long version) {
        ChainLink newest = chain.newest();
        Snapshot state = timeline.state(version, HashMap.empty());
        ChainLink link = ChainLink.after(newest, durable, state, List.of(), 2);
        assertThat(chain.add(newest, link)).isTrue();
        return link;
    }

    /** Else a commit could take the version of a lost one, and be told that it is lost. */
    @Test
    void theVersionsThatAreLostAreKnownBeforeACommitCanBuildOnTheDurableState() {
        ChainLink ignored = commit(1);
        ChainLink lost = commit(2);
        List<Long> told = new ArrayList<>();
        chain.takeBack(durable, 2, version -> {
            assertThat(chain.newest()).isSameAs(lost);
            assertThat(chain.floor()).isEqualTo(2);
            told.add(version);
        });
        assertThat(told).containsExactly(2L);
        assertThat(chain.newest().state).isSameAs(durable);
        assertThat(chain.floor()).isEqualTo(2);
    }

    @Test
    void aCommitThatComesMeanwhileIsLostToo() {
        assertThat(commit(1).version).isEqualTo(1);
        List<Long> told = new ArrayList<>();
        chain.takeBack(durable, 2, version -> {
            if (told.isEmpty()) {
                ChainLink ignored = commit(2);
            }
            told.add(version);
        });
        assertThat(told).containsExactly(1L, 2L);
        assertThat(chain.newest().state).isSameAs(durable);
        assertThat(chain.pendingCount()).isZero();
    }
}
