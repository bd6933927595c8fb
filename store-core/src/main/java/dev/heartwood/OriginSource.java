package dev.heartwood;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Makes the origins of the commits of one handle of a store. Immutable. */
final class OriginSource {
    private final Timeline timeline;
    private final Origins level;
    private final @Nullable String author;
    /** Whether the thread and the attempts are recorded. */
    private final boolean who;
    /** Shared by all commits that have no more to say: they allocate nothing for it. */
    private final Origin plain;

    OriginSource(Timeline timeline, Origins level, @Nullable String author) {
        this.timeline = timeline;
        this.level = level;
        this.author = author;
        this.who = level.compareTo(Origins.WHO) >= 0;
        this.plain = author == null || level == Origins.NONE
                ? timeline.identity().unrecorded()
                : Origin.named(timeline.identity(), author, null);
    }

    /** The same for another author. */
    OriginSource as(String other) {
        return new OriginSource(timeline, level, other);
    }

    @Nullable
    String author() {
        return author;
    }

    /** The line of code that commits, where it is to be recorded; asked for once a commit, since it does not change. */
    @Nullable
    String where() {
        return level == Origins.WHERE ? CodeLine.outsideTheLibrary() : null;
    }

    /**
     * The origin of a state that is about to be offered to the root.
     *
     * @param where the result of {@link #where}
     * @param attempt the function or batch that has made the state
     */
    Origin next(Attempt attempt, @Nullable String where) {
        String label = attempt.label();
        if (!who && !timeline.isStamping()) {
            return label == null || level == Origins.NONE ? plain : Origin.named(timeline.identity(), author, label);
        }
        return level == Origins.NONE
                ? Origin.now(timeline.identity(), null, null, null, 0, null, null)
                : Origin.now(
                        timeline.identity(),
                        author,
                        label,
                        who ? Thread.currentThread() : null,
                        attempt.runs,
                        attempt.conflict(),
                        where);
    }

    /** An author that can be told from none, and that every storage can write. */
    static String requireAuthor(String author) {
        if (requireNonNull(author, "author must not be null").isBlank()) {
            throw new IllegalArgumentException("expected the name of an author, not a blank text");
        }
        return author;
    }
}
