package dev.heartwood.log.testkit;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Connections to a sound log that make it behave as a wrong engine would. */
final class WrongEngines {
    private static final long ROUND_TRIP_NANOS = 200_000;

    private WrongEngines() {}

    private static void travel() {
        LockSupport.parkNanos(ROUND_TRIP_NANOS);
    }

    /** Two statements where one is needed. */
    static final class Torn extends ForwardingLog {
        Torn(SharedLog log) {
            super(log);
        }

        @Override
        public Tail read(long from) throws LogException.Unavailable, LogException.Refused {
            Position last = last();
            travel();
            return new Tail(last, super.read(from).entries());
        }
    }

    /** The same in the other order. */
    static final class TornBack extends ForwardingLog {
        TornBack(SharedLog log) {
            super(log);
        }

        @Override
        public Tail read(long from) throws LogException.Unavailable, LogException.Refused {
            List<Entry> entries = super.read(from).entries();
            travel();
            return new Tail(last(), entries);
        }
    }

    /** Compares one column of the head. */
    static final class ByNumber extends ForwardingLog {
        ByNumber(SharedLog log) {
            super(log);
        }

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim mine)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            Position last = last();
            return super.append(last.number() == on.number() ? last : on, next, mine);
        }
    }

    /** A database whose default comparison of texts ignores case. */
    static final class CaseBlind extends ForwardingLog {
        CaseBlind(SharedLog log) {
            super(log);
        }

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim mine)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            Position last = last();
            boolean same = last.number() == on.number() && last.id().equalsIgnoreCase(on.id());
            return super.append(same ? last : on, next, mine);
        }
    }

    /** Has no head: accepts an entry if its predecessor exists and its place is free. */
    static final class ByPredecessor extends ForwardingLog {
        ByPredecessor(SharedLog log) {
            super(log);
        }

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim mine)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            List<Entry> there = super.read(Math.max(1, on.number())).entries();
            boolean follows = there.stream().anyMatch(entry -> entry.at().equals(on));
            travel();
            List<Entry> now = super.read(next.at().number()).entries();
            boolean free = now.stream()
                    .noneMatch(entry -> entry.at().number() == next.at().number());
            return follows && free ? new Appended(null) : super.append(on, next, mine);
        }
    }

    /** Keeps the end in the last row alone, and trims that, too. */
    static final class Forgetful extends ForwardingLog {
        private static final Set<String> EMPTIED = ConcurrentHashMap.newKeySet();

        Forgetful(SharedLog log) {
            super(log);
        }

        @Override
        public void trim(long below) throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            Position last = super.last();
            super.trim(below);
            if (below > last.number()) {
                EMPTIED.add(last.toString());
            }
        }

        @Override
        public Position last() throws LogException.Unavailable, LogException.Refused {
            Position last = super.last();
            return EMPTIED.contains(last.toString()) ? new Position(0, "the beginning") : last;
        }
    }

    /** A database whose default order of texts is that of a language: punctuation and case come last. */
    static final class Collated extends ForwardingLog {
        private final Set<String> names = ConcurrentHashMap.newKeySet();

        Collated(SharedLog log) {
            super(log);
        }

        @Override
        public void put(String name, String part)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            names.add(name);
            super.put(name, part);
        }

        @Override
        public void delete(String from, String to)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            for (String name : names) {
                if (key(name).compareTo(key(from)) >= 0 && key(name).compareTo(key(to)) < 0) {
                    super.delete(name, name + "\u0000");
                }
            }
        }

        private static String key(String name) {
            return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
        }
    }

    /** Reads the pointer, compares, and writes. */
    static final class LookThenSwap extends ForwardingLog {
        LookThenSwap(SharedLog log) {
            super(log);
        }

        @Override
        public boolean checkpoint(@Nullable String before, String after)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            if (!Objects.equals(super.checkpoint().orElse(null), before)) {
                return false;
            }
            travel();
            for (Optional<String> now = super.checkpoint();
                    !super.checkpoint(now.orElse(null), after);
                    now = super.checkpoint()) {
                travel();
            }
            return true;
        }
    }

    /** Answers each request with the answer to the previous request. */
    static final class Behind extends ForwardingLog {
        private @Nullable Position before;

        Behind(SharedLog log) {
            super(log);
        }

        @Override
        public Position last() throws LogException.Unavailable, LogException.Refused {
            Position now = super.last();
            Position answer = before == null ? now : before;
            before = now;
            return answer;
        }
    }

    /** A database in which an empty text is null. */
    static final class NoEmptyText extends ForwardingLog {
        NoEmptyText(SharedLog log) {
            super(log);
        }

        @Override
        public @Nullable String get(String name) throws LogException.Unavailable, LogException.Refused {
            String part = super.get(name);
            return part == null || part.isEmpty() ? null : part;
        }
    }

    /** A client that waits for its answer interruptibly. */
    static final class Interruptible extends ForwardingLog {
        Interruptible(SharedLog log) {
            super(log);
        }

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim mine)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            Outcome outcome = super.append(on, next, mine);
            if (Thread.currentThread().isInterrupted()) {
                throw new LogException.InDoubt("interrupted", new InterruptedException());
            }
            return outcome;
        }
    }

    /** Names the newest claim as the winner of every append. */
    static final class NewestClaim extends ForwardingLog {
        private @Nullable Claim newest;

        NewestClaim(SharedLog log) {
            super(log);
        }

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim mine)
                throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
            newest = mine == null ? newest : mine;
            return super.append(on, next, mine) instanceof Lost lost ? lost : new Appended(newest);
        }
    }

    /** Never reports that it is closed. */
    static final class NeverClosed extends ForwardingLog {
        NeverClosed(SharedLog log) {
            super(log);
        }

        @Override
        public void close() {
            // A pool of connections goes on.
        }
    }

    /** Tells a new listener to ask, and no listener of an append. */
    static final class Silent extends ForwardingLog {
        Silent(SharedLog log) {
            super(log);
        }

        @Override
        public Listening listen(LongConsumer wake) {
            wake.accept(-1);
            return super.listen(number -> {});
        }
    }

    /** Wakes closed listeners, too. */
    static final class Clinging extends ForwardingLog {
        Clinging(SharedLog log) {
            super(log);
        }

        @Override
        public Listening listen(LongConsumer wake) {
            Listening listening = super.listen(wake);
            return new Listening() {
                @Override
                public void kick() {
                    listening.kick();
                }

                @Override
                public void close() {
                    // Notifies the server later.
                }
            };
        }
    }
}
