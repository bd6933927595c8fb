package dev.heartwood.file.reading;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.LocationChecks;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.OpenErrors;
import dev.heartwood.json.TreeFormat;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads everything that the next opening, or a repair, may need, and collects what is wrong with it. */
public final class FileCheck {
    /** A program that replaces the file during each of so many looks can replace it. */
    private static final int LOOKS = 100;

    private FileCheck() {}

    /**
     * The faults of a store, in words; changes nothing.
     *
     * @throws StoreIOException if there is no store
     * @throws IOException if reading failed
     */
    public static List<String> of(Path path, TreeFormat format) throws IOException {
        RealDisk disk = new RealDisk();
        StoreLayout place = LocationChecks.findToRead(path);
        if (disk.attributes(place.file()) == null && disk.attributes(place.directory()) == null) {
            throw new StoreIOException(place + " does not exist: there is nothing to check", null);
        }
        // What is read again, since another program was writing, is told again.
        Set<String> faults = new LinkedHashSet<>();
        StoreContext context = new StoreContext(disk, place, format, Settings.DEFAULT, into(faults));
        FileReader reader = new FileReader(context);
        try {
            FileReader.Read ignored = reader.read();
        } catch (StoreException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        reader.readGenerations();
        for (Refusal refusal : List.<Refusal>of(
                () -> requireReplaceable(context),
                () -> StoreLayout.requireFile(disk, place.lock()),
                () -> StoreLayout.requireFile(disk, place.holder()))) {
            try {
                refusal.ask();
            } catch (StoreException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(faults);
    }

    /** A question of an opening that a reader does not ask; throws what is wrong. */
    private interface Refusal {
        void ask() throws IOException;
    }

    /** A file that is replaced while it is looked at has names of the program that replaces it. */
    static void requireReplaceable(StoreContext context) throws IOException {
        Disk disk = context.disk();
        StoreLayout place = context.place();
        for (int looks = 1; looks <= LOOKS; looks++) {
            if (disk.attributes(place.file()) == null) {
                return;
            }
            try {
                if (isReplaceable(disk, place)) {
                    return;
                }
            } catch (NoSuchFileException e) {
                // A name was taken away between two of the calls.
            }
        }
    }

    /**
     * False if the file was replaced meanwhile.
     *
     * @throws StoreIOException if it cannot be replaced
     */
    private static boolean isReplaceable(Disk disk, StoreLayout place) throws IOException {
        Object identity = disk.identity(place.file());
        Disk.Attributes file = disk.attributes(place.file());
        if (file == null) {
            return false;
        }
        try {
            new OpenErrors(place).requirePlainFile(place.withoutOwnNames(disk, file));
            return true;
        } catch (StoreException e) {
            boolean isStill =
                    file.equals(disk.attributes(place.file())) && Objects.equals(identity, disk.identity(place.file()));
            if (isStill) {
                throw e;
            }
            return false;
        }
    }

    /** How far a long reading has come is no fault. */
    static Reporter into(Set<String> faults) {
        return (kind, message, kept, cause) -> {
            if (kind != Kind.PROGRESS) {
                faults.add(message);
            }
        };
    }
}
