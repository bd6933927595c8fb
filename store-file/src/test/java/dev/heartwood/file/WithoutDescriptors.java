package dev.heartwood.file;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.history.History;
import dev.heartwood.json.Json;
import dev.heartwood.storage.BackgroundTask;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process that commits while it has no file descriptor left, and says what it is told. */
public final class WithoutDescriptors {
    private WithoutDescriptors() {}

    /** The file of the store, the size from which on it has a journal, and perhaps {@code loaded} to load all classes first. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        if (args.length > 2) {
            loadAll(Store.class);
            loadAll(JsonFile.class);
            loadAll(BackgroundTask.class);
            loadAll(Json.class);
            loadAll(History.class);
        }
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

    /** The classes of the module of one, which are files here. Those of a jar need no descriptor of their own. */
    private static void loadAll(Class<?> one) throws Exception {
        Path classes =
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isDirectory(classes)) {
            return;
        }
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path found : files.toList()) {
                String name = classes.relativize(found).toString().replace(File.separatorChar, '.');
                if (name.endsWith(".class") && name.startsWith("dev.")) {
                    Class<?> ignored = Class.forName(name.substring(0, name.length() - ".class".length()));
                }
            }
        }
    }
}
