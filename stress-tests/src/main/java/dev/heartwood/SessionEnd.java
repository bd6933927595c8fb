package dev.heartwood;

import static java.util.Objects.requireNonNull;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.EndByLook;
import dev.heartwood.stress.seam.Seam;
import java.time.Duration;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A session that was silent for too long ends while its next heartbeat arrives, or while a commit requires it: one of
 * the two comes first, and the other one detects it. The session was opened by a process that has no threads here.
 */
public final class SessionEnd {
    private static final Duration TTL = Duration.ofHours(1);
    private static final KeyPath TAKEN = KeyPath.of("taken");

    private SessionEnd() {}

    /** A session, as the process that has opened it and another one that watches it have it. */
    private static final class Parties {
        final Store store = Seam.store(Map.of("taken", "job"));
        final Sessions elsewhere = new Sessions(store, true, failure -> {
            throw new AssertionError(failure);
        });
        final Session session;
        final SessionRecord seen;

        Parties() {
            elsewhere.know("give back", (tx, place) -> tx.move(place, KeyPath.of("queue")));
            long fence = store.<Long>transact(tx -> {
                long opened = SessionRecords.open(tx, "ann", TTL);
                SessionRecords.own(tx, opened, TAKEN, "give back");
                return opened;
            });
            session = new Session(store, store.sessions(), "ann", fence, TTL);
            seen = requireNonNull(SessionRecords.read(store.snapshot(), Long.toString(fence), failure -> {}));
        }
    }

    /** Beside a heartbeat. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "heartbeat -> the end sees that it has moved")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "end -> the heartbeat finds no session")
    @Outcome(expect = FORBIDDEN, desc = "the owner thinks otherwise of its session than the tree")
    @State
    public static class BesideAHeartbeat {
        private final Parties parties = new Parties();

        @Actor
        public void heartbeat(II_Result r) {
            r.r1 = parties.store.<Boolean>transact(tx -> SessionRecords.beat(tx, parties.session.fence())) ? 1 : 0;
        }

        @Actor
        public void end() {
            parties.elsewhere.end(parties.seen);
        }

        @Arbiter
        public void isOpen(II_Result r) {
            r.r2 = parties.session.isOpen() ? 1 : 0;
        }
    }

    /** Beside a commit that reports the job of the session. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "report -> end: nothing to give back")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "end -> the report is refused")
    @Outcome(expect = FORBIDDEN, desc = "the job was reported and given back, or neither")
    @State
    public static class BesideACommitThatRequiresIt {
        private final Parties parties = new Parties();

        @Actor
        public void report(III_Result r) {
            try {
                parties.store.batch(tx -> {
                    tx.require(parties.session);
                    tx.move(TAKEN, KeyPath.of("done"));
                });
                r.r1 = 1;
            } catch (SessionEndedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void end() {
            parties.elsewhere.end(parties.seen);
        }

        @Arbiter
        public void job(III_Result r) {
            r.r2 = parties.store.contains("done") ? 1 : 0;
            r.r3 = parties.store.contains("queue") ? 1 : 0;
        }
    }

    /** The same beside a heartbeat, where the end looks first, and then ends it whatever has happened since. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "heartbeat -> the end sees that it has moved")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "end -> the heartbeat finds no session")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "look -> heartbeat -> end of a session that lives")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class EndByLookControl {
        private final Store store = Seam.store(Map.of("session", 7));
        private final EndByLook end = new EndByLook(store, "session", 7);

        @Actor
        public void heartbeat(II_Result r) {
            r.r1 = store.<Boolean>transact(tx -> {
                        boolean open = tx.contains("session");
                        if (open) {
                            tx.put("session", 8);
                        }
                        return open;
                    })
                    ? 1
                    : 0;
        }

        @Actor
        public void end() {
            end.end();
        }

        @Arbiter
        public void isOpen(II_Result r) {
            r.r2 = store.contains("session") ? 1 : 0;
        }
    }
}
