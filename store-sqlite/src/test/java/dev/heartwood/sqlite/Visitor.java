package dev.heartwood.sqlite;

import dev.heartwood.Store;
import java.nio.file.Path;

/** A program that another user of the machine runs: it does one thing with a file, says how that went, and ends at once. */
public final class Visitor {
    private Visitor() {}

    /** The file, and what to do with it. */
    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        try {
            switch (arguments[1]) {
                case "write" -> write(SqliteStore.open(file));
                case "look" ->
                    System.out.println("sees "
                            + SqliteStore.options().readOnly().open(file).snapshot());
                case "back-up" -> SqliteStore.backup(file, Path.of(arguments[2]));
                case "check" -> System.out.println("finds " + SqliteStore.check(file));
                default -> throw new IllegalArgumentException(arguments[1]);
            }
            System.out.println("done");
        } catch (RuntimeException e) {
            System.out.println("refused: " + e.getMessage());
        }
        System.out.flush();
        Runtime.getRuntime().halt(0); // as if killed: nothing is closed
    }

    private static void write(Store store) {
        long writes = store.merge("writes", Long.class, 1L, Long::sum);
        System.out.println("writes " + writes);
    }
}
