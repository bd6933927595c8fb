package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.Settings.Conflict;
import dev.heartwood.file.context.Settings.Mode;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.NoLock;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody moves, copies or deletes the files of an open store, before each operation of the store in turn, and then
 * the power may fail. Nothing is acknowledged into files that are no longer the store's, and earlier acknowledged
 * commits are in the files, in their new place.
 */
@Timeout(300)
class MovedFilesCrashTest {
    private static final Path HOME = CrashHarness.TOP.resolve("home");
    private static final Path OLD = CrashHarness.TOP.resolve("old");
    private static final StoreLayout PLACE = new StoreLayout(HOME.resolve("state.json"));
    private static final int COMMITS = 4;

    /** A change that somebody makes, and the directories that it concerns. */
    private enum Deed {
        THE_FOLDER_IS_MOVED(HOME, OLD) {
            @Override
            void to(DeedDisk disk) {
                disk.move(HOME, OLD);
            }
        },
        THE_FOLDER_IS_MOVED_AND_A_COPY_PUT_IN_ITS_PLACE(HOME, OLD) {
            @Override
            void to(DeedDisk disk) {
                disk.move(HOME, OLD);
                disk.copy(OLD, HOME);
            }
        },
        THE_FOLDER_IS_DELETED(HOME, null) {
            @Override
            void to(DeedDisk disk) {
                disk.deleteAll(HOME);
            }
        },
        THE_STORES_OWN_DIRECTORY_IS_MOVED(PLACE.directory(), HOME.resolve("elsewhere")) {
            @Override
            void to(DeedDisk disk) {
                disk.move(PLACE.directory(), HOME.resolve("elsewhere"));
            }
        },
        THE_STORES_OWN_DIRECTORY_IS_REPLACED_BY_A_COPY(PLACE.directory(), HOME.resolve("elsewhere")) {
            @Override
            void to(DeedDisk disk) {
                disk.move(PLACE.directory(), HOME.resolve("elsewhere"));
                disk.copy(HOME.resolve("elsewhere"), PLACE.directory());
            }
        },
        THE_STORES_OWN_DIRECTORY_IS_DELETED(PLACE.directory(), null) {
            @Override
            void to(DeedDisk disk) {
                disk.deleteAll(PLACE.directory());
            }
        };

        final Path what;
        final @Nullable Path whereTo;

        Deed(Path what, @Nullable Path whereTo) {
            this.what = what;
            this.whereTo = whereTo;
        }

        abstract void to(DeedDisk disk);
    }

    private static Stream<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (Deed deed : Deed.values()) {
            for (Mode mode : Mode.values()) {
                for (long journalAbove : new long[] {4_096, 0}) {
                    all.add(Arguments.of(deed, mode, journalAbove));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingIsAcknowledgedIntoOtherFilesAndNothingBeforeIsLost(Deed deed, Mode mode, long journalAbove)
            throws IOException {
        long seed = List.of(Deed.values()).indexOf(deed) * 100L
                + List.of(Mode.values()).indexOf(mode) * 10L
                + journalAbove
                + Long.getLong("moved.seed", 0);
        Random random = new Random(seed);
        int runs = 0;
        int states = 0;
        int acknowledged = 0;
        for (int operation = 0; ; operation += 1 + random.nextInt(3)) {
            Run run = new Run(deed, mode, journalAbove, operation);
            run.commit();
            if (!run.disk.done) {
                break;
            }
            run.requireNothingAcknowledgedAfterwards();
            states += run.requireAllThatWasAcknowledged(random);
            runs++;
            acknowledged += run.acknowledged;
        }
        System.out.println(deed + ", " + mode + ", journal above " + journalAbove + ": " + runs + " times, "
                + acknowledged + " commits acknowledged, " + states + " crashes, seed " + seed);
        // Both answers were seen, or nothing was tested.
        assertThat(acknowledged).isPositive().isLessThan(runs * COMMITS);
    }

    /** A store, to whose files something is done before one of its operations. */
    private static final class Run {
        private final Deed deed;
        private final Mode mode;
        private final Settings settings;
        private final DeedDisk disk;
        private volatile int acknowledged;
        private volatile int acknowledgedBefore;

        Run(Deed deed, Mode mode, long journalAbove, int operation) throws IOException {
            this.deed = deed;
            this.mode = mode;
            this.settings = new Settings(
                    journalAbove, 3, Conflict.REFUSE, false, false, mode, Duration.ofMillis(1), Long.MAX_VALUE);
            FileImage image = new FileImage(CrashHarness.TOP);
            MemoryDisk first = new MemoryDisk(image);
            first.createDirectory(HOME);
            first.forceDirectory(CrashHarness.TOP);
            this.disk = new DeedDisk(first.image(), operation, made -> {
                acknowledgedBefore = acknowledged;
                deed.to(made);
            });
        }

        void commit() throws IOException {
            Store store = Store.over(FileRoot.open(
                    new StoreContext(disk, PLACE, CrashHarness.FORMAT, settings, Reporter.NOBODY), NoLock::take));
            disk.armed = true;
            try {
                for (int i = 0; i < COMMITS; i++) {
                    store.put(KeyPath.of("k" + i), 1L);
                    if (mode != Mode.SYNC) {
                        store.flush();
                    }
                    acknowledged = i + 1;
                    disk.record(new Op.Note(i + 1, 0, 0));
                }
            } catch (StoreException e) {
                // Refused; so is every later commit.
            }
            try {
                store.close();
            } catch (StoreException e) {
                // The same.
            }
        }

        void requireNothingAcknowledgedAfterwards() {
            // The commit that was under way may have been looked after already.
            assertThat(acknowledged).as("%s", this).isLessThanOrEqualTo(acknowledgedBefore + 1);
        }

        /** Answers in how many states. */
        int requireAllThatWasAcknowledged(Random random) {
            if (deed.whereTo == null) {
                return 0;
            }
            int[] checked = {0};
            new Crash(disk).some(random, 4, state -> {
                FileImage image = state.image();
                Path now = image.find(deed.whereTo) == disk.original ? deed.whereTo : deed.what;
                if (image.find(now) != disk.original) {
                    // Two names that a crash left in another combination: the directory has none, as after a removal.
                    return;
                }
                checked[0]++;
                MemoryDisk left = new MemoryDisk(image);
                try {
                    HashMap<String, Object> tree = recovered(left, layout(left, now));
                    for (int i = 0; i < state.promised().acknowledged(); i++) {
                        assertThat(tree.containsKey("k" + i))
                                .as("commit %s in %s; %s, %s", i, tree, this, state.name())
                                .isTrue();
                    }
                } catch (IOException | StoreException e) {
                    throw new AssertionError(this + ", " + state.name(), e);
                }
            });
            return checked[0];
        }

        private StoreLayout layout(MemoryDisk left, Path now) {
            if (deed.what.equals(HOME)) {
                return new StoreLayout(now.resolve("state.json"));
            }
            // Somebody puts it back.
            if (!now.equals(PLACE.directory())) {
                DeedDisk.deleteAll(left, PLACE.directory());
                DeedDisk.move(left, now, PLACE.directory());
            }
            return PLACE;
        }

        private HashMap<String, Object> recovered(MemoryDisk left, StoreLayout layout) throws IOException {
            layout.prepare(left);
            HolderToken token = HolderToken.take(left, layout);
            return CrashHarness.recovery(token.disk(), token.place(), settings)
                    .recover()
                    .tree();
        }

        @Override
        public String toString() {
            return deed + " before operation " + disk.operation + ", " + mode;
        }
    }

    private interface Action {
        void on(DeedDisk disk);
    }

    /** A disk on which somebody does something once, before one of the store's operations. */
    private static final class DeedDisk extends MemoryDisk {
        private final int operation;
        private final Action action;
        private volatile boolean armed;
        private volatile boolean done;
        private int count;
        private int original = -1;

        DeedDisk(FileImage start, int operation, Action action) {
            super(start);
            this.operation = operation;
            this.action = action;
        }

        /** Before a path is looked up: the operation finds the files as the change has left them. */
        private void step() {
            synchronized (image()) {
                if (armed && !done && count++ == operation) {
                    done = true;
                    action.on(this);
                }
            }
        }

        @Override
        public void attempt(Op op) throws IOException {
            if (!(op instanceof Op.Name || op instanceof Op.Rename)) {
                step();
            }
            super.attempt(op);
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            step();
            return super.create(file, mode);
        }

        @Override
        public Output open(Path file) throws IOException {
            step();
            return super.open(file);
        }

        @Override
        public @Nullable Attributes attributes(Path path) {
            step();
            return super.attributes(path);
        }

        @Override
        public @Nullable FileStamp stamp(Path path) {
            step();
            return super.stamp(path);
        }

        @Override
        public boolean link(Path file, Path second) throws IOException {
            step();
            return super.link(file, second);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            step();
            super.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            step();
            super.delete(file);
        }

        @Override
        public List<String> list(Path directory) {
            step();
            return super.list(directory);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            step();
            super.forceDirectory(directory);
        }

        void move(Path from, Path to) {
            original = image().find(from);
            move(this, from, to);
        }

        static void move(MemoryDisk disk, Path from, Path to) {
            disk.record(new Op.Rename(
                    disk.image().find(from.getParent()),
                    from.getFileName().toString(),
                    to.getFileName().toString(),
                    disk.image().find(from)));
        }

        void copy(Path from, Path to) {
            int made = image().newDirectory();
            record(name(to, made));
            for (String name : image().names(image().find(from))) {
                Path inside = from.resolve(name);
                int inode = image().find(inside);
                if (image().isDirectory(inode)) {
                    copy(inside, to.resolve(name));
                } else {
                    int file = image().newInode();
                    record(name(to.resolve(name), file));
                    record(new Op.Write(file, 0, image().bytes(inode).clone()));
                }
            }
        }

        void deleteAll(Path directory) {
            deleteAll(this, directory);
        }

        static void deleteAll(MemoryDisk disk, Path directory) {
            int inode = disk.image().find(directory);
            if (inode >= 0 && disk.image().isDirectory(inode)) {
                for (String name : disk.image().names(inode)) {
                    deleteAll(disk, directory.resolve(name));
                }
            }
            if (inode >= 0) {
                disk.record(new Op.Name(
                        disk.image().find(directory.getParent()),
                        directory.getFileName().toString(),
                        -1));
            }
        }

        private Op.Name name(Path path, int inode) {
            return new Op.Name(
                    image().find(path.getParent()), path.getFileName().toString(), inode);
        }
    }
}
