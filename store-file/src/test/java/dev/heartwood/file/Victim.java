package dev.heartwood.file;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that is killed, or whose disk fails: threads count, each under its own key and in a sum, and report on the
 * standard output whether each commit was acknowledged.
 *
 * <p>Arguments: the file, the size above which there is a journal, how many threads, how often each counts, and perhaps
 * how many bytes of history are kept.
 */
public final class Victim {
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private Victim() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        JsonFileOptions options = JsonFile.options()
                .journalAbove(Long.parseLong(arguments[1]))
                .keepCommits(arguments.length > 4 ? Long.parseLong(arguments[4]) : 1 << 20)
                .onNotice(notice -> say("notice " + notice.news() + " " + notice.message()));
        int times = Integer.parseInt(arguments[3]);
        try (Store store = options.open(Path.of(arguments[0]))) {
            say("open");
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                String key = "k" + i;
                threads.add(new Thread(() -> count(store.as(key), key, times)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (StoreException e) {
            say("closed badly: " + e.getMessage());
        }
        say("end");
    }

    private static void count(Store store, String key, int times) {
        KeyPath mine = KeyPath.of("counts", key);
        KeyPath sum = KeyPath.of("sum");
        for (int i = 0; i < times; i++) {
            try {
                long value = store.transact(tx -> {
                    tx.merge(sum, Long.class, 1L, Long::sum);
                    return tx.merge(mine, Long.class, 1L, Long::sum);
                });
                say("ack " + key + " " + value);
            } catch (StoreException e) {
                say("fail " + key + " " + e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    /** One line in one write, so that every line before a kill is whole. */
    private static void say(String line) {
        try {
            OUT.write((line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
