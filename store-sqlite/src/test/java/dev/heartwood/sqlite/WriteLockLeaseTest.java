package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database's lock is never kept for longer than a lease, since other processes wait for it. */
@Timeout(30)
class WriteLockLeaseTest {
    private final CountDownLatch freed = new CountDownLatch(2);
    private final WriteLockLease lease = new WriteLockLease("the lock", this::free);

    private void free() {
        freed.countDown();
        if (freed.getCount() == 1) {
            lease.begin();
        }
    }

    @Test
    void aLeaseThatBeginsWhileTheOneBeforeIsFreedIsFreedToo() throws InterruptedException {
        lease.begin();
        assertThat(freed.await(20, TimeUnit.SECONDS)).isTrue();
        lease.close();
    }
}
