package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** The demands of an operation on the place at its path, and whether its step is the caller's. */
enum RewriteMode {
    /** A value is there, or nothing; missing parents are made; {@code -} appends. Reads the value. */
    PUT(false, true, true, ReadKind.VALUE),
    /** As {@link #PUT}, but reads nothing. */
    SET(false, true, true, null),
    /** A value is there, or nothing; missing parents are made. */
    INIT(false, true, false, ReadKind.PRESENCE),
    /** The step is the caller's, and sees a value or nothing; missing parents are made. */
    COMPUTE(false, true, false, ReadKind.VALUE),
    /** As {@link #COMPUTE}, for a map in which a JSON null is nothing: it stays where the step makes nothing of it. */
    LIVE(false, true, false, ReadKind.VALUE),
    /** A value is there. */
    CHANGE(true, false, false, ReadKind.VALUE),
    /** A number is there, and is added to. */
    ADD(true, false, false, ReadKind.VALUE),
    /** The step is the caller's; a value is there. */
    UPDATE(true, false, false, ReadKind.VALUE),
    /** The list that is there gets longer at its end. */
    EXTEND(true, false, false, ReadKind.VALUE),
    /** A value is there, or nothing; without parents nothing happens. */
    ANY(false, false, false, ReadKind.VALUE),
    /** The value that is there goes; reads whether something is. */
    DISCARD(false, false, false, ReadKind.PRESENCE),
    /** A list is there, and the value goes in before the index. */
    INSERT(false, false, true, ReadKind.VALUE);

    final boolean mustExist;
    final boolean makesParents;
    final boolean dash;
    final @Nullable ReadKind reading;

    /** The container that the place must stand in, in words that follow an article. */
    String container() {
        return this == INSERT ? "list" : this == LIVE ? "map" : "map or a list";
    }

    /** Whether the step is the caller's and answers null for nothing. */
    boolean removesByNull() {
        return this == COMPUTE || this == LIVE;
    }

    /**
     * The method that makes what this mode needs and does not find, in words.
     *
     * @param place where nothing is, as it stands in code
     * @return empty where there is nothing to say
     */
    String remedy(String place) {
        return switch (this) {
            case INSERT -> "append and insert need a list there, and init(" + place + ", List.of()) makes one";
            case EXTEND -> "concat needs a string or a list there, and init(" + place + ", List.of()) makes one";
            case ADD -> "increment needs a number there, and init(" + place + ", 0) makes one";
            case UPDATE -> "update needs a value there: init(" + place + ", ...) puts the first one, merge does both";
            default -> "";
        };
    }

    RewriteMode(boolean mustExist, boolean makesParents, boolean dash, @Nullable ReadKind reading) {
        this.mustExist = mustExist;
        this.makesParents = makesParents;
        this.dash = dash;
        this.reading = reading;
    }
}
