package dev.heartwood.langchain4j;

import java.util.Objects;

/** The key of a memory id in the tree: its string form. */
final class MemoryIds {
    private MemoryIds() {}

    /** The key; refuses an id whose string form is another one in the next run. */
    static String key(Object id) {
        Objects.requireNonNull(id, "a memory id is not null");
        if (hasNoStringForm(id.getClass())) {
            throw new IllegalArgumentException("A memory id becomes a key of the tree by its toString(), and "
                    + id.getClass().getName() + " has none of its own: use a string, a number, a UUID or a record.");
        }
        return id.toString();
    }

    private static boolean hasNoStringForm(Class<?> type) {
        try {
            return type.isArray() || type.getMethod("toString").getDeclaringClass() == Object.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError("each class has a toString()", e);
        }
    }
}
