package dev.heartwood.file;

import dev.heartwood.Store;
import java.nio.file.Path;

/** A program that opens a file, says how many keys there are, and ends. Run in a small heap. */
public final class Recoverer {
    private Recoverer() {}

    /** Opens the file that is named. */
    public static void main(String[] arguments) {
        try (Store store = JsonFile.open(Path.of(arguments[0]))) {
            System.out.println(
                    "open " + store.size() + " in " + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
        }
    }
}
