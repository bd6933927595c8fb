package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
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
        List<Edit> edits = List.of(new Edit.Put(KeyPath.of("a"), version));
        ChainLink link = ChainLink.after(newest, durable, state, edits, 2);
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

    @Test
    void aVersionThatIsLostIsNotUsedAgainHoweverOftenCommitsAreTakenBack() {
        ChainLink lost = commit(7);
        chain.takeBack(durable, 2, version -> {});
        chain.takeBack(durable, 2, version -> {});
        assertThat(chain.floor()).isEqualTo(lost.version);
    }

    /** The last write of a store that is being closed may fail. */
    @Test
    void aChainThatIsClosedStaysSoWhereItsLastCommitsAreTakenBack() {
        ChainLink ignored = commit(1);
        assertThat(chain.close()).isTrue();
        chain.takeBack(durable, 2, version -> {});
        assertThat(chain.isClosed()).isTrue();
        assertThat(chain.last().state).isSameAs(durable);
        assertThat(chain.close()).isFalse();
    }

    /** Callers wait while too much of memory is kept. */
    @Test
    void whatIsDurableOrTakenBackIsKeptNoMore() {
        assertThat(chain.backlog()).isZero();
        List<ChainLink> written = List.of(commit(1), commit(2));
        long both = chain.backlog();
        assertThat(both).isPositive();
        ChainLink ignored = commit(3);
        chain.settle(written);
        assertThat(chain.backlog()).isEqualTo(both / 2);
        chain.takeBack(written.get(1).state, 2, version -> {});
        assertThat(chain.backlog()).isZero();
    }
}
