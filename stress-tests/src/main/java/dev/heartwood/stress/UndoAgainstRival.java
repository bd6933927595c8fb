package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.ConflictException;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import dev.heartwood.stress.broken.UndoByLook;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** An undo undoes its own commit or is refused; it never overwrites a value that another thread has put since. */
public final class UndoAgainstRival {
    private UndoAgainstRival() {}

    /** The place stands at 1, which is to be undone to 0, while a rival puts 2. */
    @JCStressTest
    @Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "undo -> put")
    @Outcome(id = "false, 2", expect = ACCEPTABLE, desc = "put -> undo is refused")
    @Outcome(expect = FORBIDDEN, desc = "the rival's value is lost")
    @State
    public static class OfOnePlace {
        private final Store store = Seam.store(Map.of("leaf", 0));
        private final Store me = store.as("me");
        private final History history = History.of(me);

        {
            me.put("leaf", 1);
        }

        @Actor
        public void undo(ZI_Result r) {
            try {
                r.r1 = history.undo() != null;
            } catch (ConflictException e) {
                r.r1 = false;
            }
        }

        @Actor
        public void rival() {
            store.as("rival").put("leaf", 2);
        }

        @Arbiter
        public void end(ZI_Result r) {
            r.r2 = store.get("leaf", Integer.class);
        }
    }

    /** The same, where the undo looks first and then puts. */
    @JCStressTest
    @Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "undo -> put")
    @Outcome(id = "false, 2", expect = ACCEPTABLE, desc = "put -> undo is refused")
    @Outcome(id = "true, 0", expect = ACCEPTABLE_INTERESTING, desc = "look -> put of the rival -> undo over it")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class UndoByLookControl {
        private final Store store = Seam.store(Map.of("leaf", 1));
        private final UndoByLook undo = new UndoByLook(store, "leaf", 0, 1);

        @Actor
        public void undo(ZI_Result r) {
            r.r1 = undo.undo();
        }

        @Actor
        public void rival() {
            store.put("leaf", 2);
        }

        @Arbiter
        public void end(ZI_Result r) {
            r.r2 = store.get("leaf", Integer.class);
        }
    }
}
