package dev.heartwood;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The turn to do what any thread may ask for, and one at a time does. Who asks while another has it may go: the one who
 * has it hears of that when he leaves.
 */
final class Turn {
    private enum State {
        FREE,
        TAKEN,
        ASKED_FOR
    }

    /**
     * Every change of it reads what it replaces: so each turn sees what was done before it was asked for, and what the
     * turn before it left. It is a state and not a count, since no count is long enough for every listener that blocks.
     */
    private final AtomicReference<State> state = new AtomicReference<>(State.TAKEN);

    /** Asks for it. True: it is the caller's now; false: another has it. */
    boolean ask() {
        return state.getAndSet(State.ASKED_FOR) == State.FREE;
    }

    /** For who has it, before the look at what there is to do: who asks later may have come too late for that. */
    void begin() {
        state.getAndSet(State.TAKEN);
    }

    /** Gives it back. True: it was asked for since {@link #begin}, and the caller must ask again, since nobody else will. */
    boolean leave() {
        return state.getAndSet(State.FREE) == State.ASKED_FOR;
    }
}
