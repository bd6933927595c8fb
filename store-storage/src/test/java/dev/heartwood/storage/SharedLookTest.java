package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A look that began after a call serves that call, and no other does. */
@Timeout(30)
class SharedLookTest {
    private final SharedLook looking = new SharedLook();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void callsThatWaitForOneLookShareTheNext() throws Exception {
        for (FutureTask<Boolean> call : waiting(3, looks::incrementAndGet)) {
            assertThat(call.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(looks).hasValue(1);
    }

    /** It may have looked before the call: what was committed between the two is not in it. */
    @Test
    void aLookThatHasBegunServesNoLaterCall() throws Exception {
        List<FutureTask<Boolean>> later = new ArrayList<>();
        looking.take(() -> {
            looks.incrementAndGet();
            later.addAll(begun(1, looks::incrementAndGet));
        });
        assertThat(later.get(0).get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(looks).hasValue(2);
    }

    @Test
    void aLookThatFailedServesNobody() throws Exception {
        int failed = 0;
        for (FutureTask<Boolean> call : waiting(2, () -> {
            if (looks.incrementAndGet() == 1) {
                throw new IOException("busy");
            }
        })) {
            try {
                assertThat(call.get(20, TimeUnit.SECONDS)).isTrue();
            } catch (ExecutionException e) {
                assertThat(e).hasRootCauseMessage("busy");
                failed++;
            }
        }
        assertThat(failed).isEqualTo(1);
        assertThat(looks).hasValue(2);
    }

    @Test
    void afterALookThatFailedTheNextCallLooks() throws Exception {
        assertThatThrownBy(() -> looking.take(() -> {
                    throw new IOException("busy");
                }))
                .hasMessage("busy");
        looking.take(looks::incrementAndGet);
        assertThat(looks).hasValue(1);
    }

    /** Calls of that many threads, all of which have begun while no look was under way. */
    private List<FutureTask<Boolean>> waiting(int threads, SharedLook.Look<Exception> look) {
        List<FutureTask<Boolean>> calls = new ArrayList<>();
        looking.exclude(() -> calls.addAll(begun(threads, look)));
        return calls;
    }

    private List<FutureTask<Boolean>> begun(int threads, SharedLook.Look<Exception> look) {
        List<FutureTask<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            FutureTask<Boolean> call = new FutureTask<>(() -> {
                looking.take(look);
                return true;
            });
            calls.add(call);
            Thread thread = new Thread(call);
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        return calls;
    }
}
