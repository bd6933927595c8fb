package dev.heartwood.testkit;

import dev.heartwood.Root;
import dev.heartwood.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * The promises of every {@link Root}, as tests. Subclass it, implement {@link #create}, and run:
 *
 * <pre>{@code
 * class MyRootTest extends RootContract {
 *     @Override
 *     public Root create(Map<String, ?> tree) {
 *         return new MyRoot(tree);
 *     }
 * }
 * }</pre>
 *
 * <p>Override {@link #join}, {@link #reopen}, {@link #hold} and {@link #doubtNextCommit} if your root supports them:
 * the tests that need them are skipped otherwise. Each test makes roots of its own, and closes them.
 */
@Timeout(120)
public abstract class RootContract
        implements CommitContract,
                DurabilityContract,
                RacingContract,
                WatchingContract,
                ClosingContract,
                SharingContract,
                HistoryContract,
                SessionContract {
    private final List<AutoCloseable> open = new ArrayList<>();

    /** For subclasses. */
    protected RootContract() {}

    @Override
    public final Root root(Map<String, ? extends @Nullable Object> tree) throws Exception {
        return closing(create(tree));
    }

    @Override
    public final Store store(Root root) {
        return closing(Store.over(root));
    }

    @Override
    public final <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    /** Closes the roots that the test has opened, the last first. */
    @AfterEach
    final void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
