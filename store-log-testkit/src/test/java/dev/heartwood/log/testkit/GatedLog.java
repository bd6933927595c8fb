package dev.heartwood.log.testkit;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A connection whose appends can be held up, or lose the answer to one entry. */
final class GatedLog implements SharedLog {
    private final SharedLog log;
    private volatile @Nullable CountDownLatch gate;
    private volatile boolean doubtNext;
    private volatile @Nullable Position doubted;

    GatedLog(SharedLog log) {
        this.log = log;
    }

    /** Holds up each append from now on. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    void release() {
        CountDownLatch held = gate;
        gate = null;
        if (held != null) {
            held.countDown();
        }
    }

    /** The next entry is appended, and no try ever has an answer. */
    void doubtNext() {
        doubtNext = true;
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        CountDownLatch held = gate;
        if (held != null) {
            boolean interrupted = false;
            while (held.getCount() > 0) {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (doubtNext) {
            doubtNext = false;
            doubted = next.at();
            Outcome unheard = log.append(on, next, mine);
            throw new LogException.InDoubt("the answer was lost: " + unheard, null);
        } else if (next.at().equals(doubted)) {
            throw new LogException.InDoubt("the answer was lost again", null);
        }
        return log.append(on, next, mine);
    }

    @Override
    public Position last() throws LogException.Unavailable, LogException.Refused {
        return log.last();
    }

    @Override
    public Tail read(long from) throws LogException.Unavailable, LogException.Refused {
        return log.read(from);
    }

    @Override
    public Listening listen(LongConsumer wake) {
        return log.listen(wake);
    }

    @Override
    public int largestValue() {
        return log.largestValue();
    }

    @Override
    public void put(String name, String part)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        log.put(name, part);
    }

    @Override
    public @Nullable String get(String name) throws LogException.Unavailable, LogException.Refused {
        return log.get(name);
    }

    @Override
    public void delete(String from, String to)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        log.delete(from, to);
    }

    @Override
    public Optional<String> checkpoint() throws LogException.Unavailable, LogException.Refused {
        return log.checkpoint();
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        return log.checkpoint(before, after);
    }

    @Override
    public void trim(long below) throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        log.trim(below);
    }

    @Override
    public void close() {
        log.close();
    }
}
