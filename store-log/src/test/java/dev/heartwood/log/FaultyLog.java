package dev.heartwood.log;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A connection with faults that a test turns on and off, on real threads. */
final class FaultyLog implements SharedLog {
    /** The state of the connection. */
    enum Mode {
        SOUND,
        /** Each append fails in one of five ways, now and then. */
        FLAKY,
        /** No request is answered, and none arrives. */
        CUT,
        /** The log takes nothing: it is full, or the user may only read. */
        REFUSING,
        /** Each append is sent twice by the client library. */
        TWICE,
        /** An append does not arrive in time, and later it does. */
        LATE
    }

    private final AtomicReference<SharedLog> log;
    private final Random random;
    /** Wake-ups come through. */
    volatile boolean hears = true;

    volatile Mode mode = Mode.SOUND;
    final AtomicInteger kicks = new AtomicInteger();
    /** Happens once, when the next append has reached the log; what it throws comes in place of the answer. */
    final AtomicReference<@Nullable Runnable> afterNextAppend = new AtomicReference<>();
    /** Happens once, while the next answer to a read is on its way. */
    final AtomicReference<@Nullable Runnable> afterNextAnswer = new AtomicReference<>();
    /** Happens once, while the next answer to the question for the last position is on its way. */
    final AtomicReference<@Nullable Runnable> afterNextLast = new AtomicReference<>();
    /** The number of parts whose answer is still to be lost. */
    final AtomicInteger partsInDoubt = new AtomicInteger();
    /** Happens once, before the next part is written. */
    final AtomicReference<@Nullable Runnable> beforeNextPart = new AtomicReference<>();

    /** The append that has not arrived yet. */
    private volatile @Nullable Late late;

    private record Late(Position on, Entry next) {}

    FaultyLog(SharedLog log, long seed) {
        this.log = new AtomicReference<>(log);
        this.random = new Random(seed);
    }

    /** The same address, and another log behind it. */
    void leadTo(SharedLog other) {
        log.set(other);
    }

    /** The late append arrives. */
    Outcome arrive() throws LogException {
        Late held = late;
        if (held == null) {
            throw new AssertionError("no append is late");
        }
        late = null;
        return log.get().append(held.on, held.next, null);
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused {
        switch (mode) {
            case CUT -> throw new Unavailable("connection refused", null);
            case REFUSING -> throw new Refused("no space left on the server: free some, and try again", null);
            case LATE -> {
                late = new Late(on, next);
                throw new InDoubt("no answer in time", null);
            }
            case FLAKY -> fail(on, next, mine);
            default -> {}
        }
        Outcome first = log.get().append(on, next, mine);
        happen(afterNextAppend);
        return mode == Mode.TWICE ? log.get().append(on, next, mine) : first;
    }

    private void fail(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused {
        int dice;
        synchronized (random) {
            dice = random.nextInt(20);
        }
        if (dice == 0) {
            throw new Unavailable("not sent", null);
        } else if (dice == 1) {
            throw new InDoubt("lost on its way", null);
        } else if (dice == 2) {
            Outcome unheard = log.get().append(on, next, mine);
            throw new InDoubt("the answer is lost: " + unheard, null);
        } else if (dice == 3) {
            CompletableFuture<Void> arrival = CompletableFuture.runAsync(() -> {
                try {
                    Thread.sleep(5);
                    Outcome ignored = log.get().append(on, next, mine);
                } catch (LogException | InterruptedException e) {
                    // It never arrives.
                }
            });
            throw new InDoubt("late: " + arrival, null);
        } else if (dice == 4) {
            Outcome ignored = log.get().append(on, next, mine);
        }
    }

    private SharedLog reached() throws Unavailable {
        if (mode == Mode.CUT) {
            throw new Unavailable("connection refused", null);
        }
        return log.get();
    }

    @Override
    public Position last() throws Unavailable, Refused {
        Position last = reached().last();
        happen(afterNextLast);
        return last;
    }

    private static void happen(AtomicReference<@Nullable Runnable> once) {
        Runnable meanwhile = once.getAndSet(null);
        if (meanwhile != null) {
            meanwhile.run();
        }
    }

    @Override
    public Tail read(long from) throws Unavailable, Refused {
        Tail answer = reached().read(from);
        happen(afterNextAnswer);
        return answer;
    }

    @Override
    public Listening listen(LongConsumer wake) {
        Listening listening = log.get().listen(number -> {
            if (hears) {
                wake.accept(number);
            }
        });
        return new Listening() {
            @Override
            public void kick() {
                kicks.incrementAndGet();
                listening.kick();
            }

            @Override
            public void close() {
                listening.close();
            }
        };
    }

    @Override
    public int largestValue() {
        return log.get().largestValue();
    }

    @Override
    public void put(String name, String part) throws InDoubt, Unavailable, Refused {
        happen(beforeNextPart);
        reached().put(name, part);
        if (partsInDoubt.getAndDecrement() > 0) {
            throw new InDoubt("the answer is lost", null);
        }
    }

    @Override
    public @Nullable String get(String name) throws Unavailable, Refused {
        return reached().get(name);
    }

    @Override
    public void delete(String from, String to) throws InDoubt, Unavailable, Refused {
        reached().delete(from, to);
    }

    @Override
    public Optional<String> checkpoint() throws Unavailable, Refused {
        return reached().checkpoint();
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable, Refused {
        return reached().checkpoint(before, after);
    }

    @Override
    public void trim(long below) throws InDoubt, Unavailable, Refused {
        reached().trim(below);
    }

    @Override
    public void close() {
        log.get().close();
    }
}
