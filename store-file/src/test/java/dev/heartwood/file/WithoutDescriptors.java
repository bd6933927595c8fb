package dev.heartwood.file;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that commits while it has no file descriptor left, and says what it is told. */
public final class WithoutDescriptors {
    private WithoutDescriptors() {}

    /** The file of the store, and the size from which on it has a journal. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        JsonFileOptions options = JsonFile.options().journalAbove(Long.parseLong(args[1]));
        Store store = options.open(file);
        store.put("n", 0);
        List<RandomAccessFile> held = new ArrayList<>();
        try {
            while (held.size() < 100_000) {
                held.add(new RandomAccessFile("/dev/null", "r"));
            }
        } catch (IOException e) {
            // There is none left.
        }
        String told;
        try {
            store.put("n", 1);
            told = "committed";
        } catch (StoreException | LinkageError e) {
            told = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        for (RandomAccessFile each : held) {
            each.close();
        }
        System.out.println("told " + told);
        try {
            store.put("n", 2);
            System.out.println("then committed");
        } catch (StoreException | LinkageError e) {
            System.out.println("then " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        try {
            store.close();
        } catch (StoreException | LinkageError e) {
            System.out.println("closed " + e.getMessage());
        }
    }
}
