package dev.heartwood;

import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The line of code that called the library, found on the stack of the current thread. */
final class CodeLine {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** The packages of the library itself. Not all below the first: an application may well stand there. */
    private static final Set<String> LIBRARY = Set.of(
            "dev.heartwood",
            "dev.heartwood.tree",
            "dev.heartwood.json",
            "dev.heartwood.storage",
            "dev.heartwood.file",
            "dev.heartwood.file.commit",
            "dev.heartwood.file.edits",
            "dev.heartwood.sqlite",
            "dev.heartwood.log",
            "dev.heartwood.history",
            "dev.heartwood.inspector",
            "dev.heartwood.junit");

    /** Whether a class is outside; kept with the class, and let go with it. */
    private static final ClassValue<Boolean> OUTSIDE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isOutside(type.getName());
        }
    };

    private CodeLine() {}

    /**
     * The first frame that belongs neither to the library nor to the code that it calls back through: the JDK and Vavr.
     * Where there is none, as on a pool's thread that runs a method of the store itself, null.
     */
    static @Nullable String outsideTheLibrary() {
        return STACK.walk(CodeLine::first);
    }

    private static @Nullable String first(Stream<StackWalker.StackFrame> frames) {
        // An iterator, not filter and findFirst: a tenth of the time was theirs.
        for (Iterator<StackWalker.StackFrame> each = frames.iterator(); each.hasNext(); ) {
            StackWalker.StackFrame frame = each.next();
            if (OUTSIDE.get(frame.getDeclaringClass())) {
                return frame.toStackTraceElement().toString();
            }
        }
        return null;
    }

    private static boolean isOutside(String name) {
        if (name.startsWith("dev.heartwood.")) {
            return !LIBRARY.contains(name.substring(0, name.lastIndexOf('.')));
        }
        return !name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("io.vavr.");
    }
}
