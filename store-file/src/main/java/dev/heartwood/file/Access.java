package dev.heartwood.file;

import java.io.IOException;
import java.nio.file.Path;

/** Who may read what is kept of a file: those who may read the file, or fewer. */
final class Access {
    private Access() {}

    /**
     * Gives a file that its owner alone may read, as {@link Disk#OWNER_ONLY} made it, the owner and the mode of another.
     * Where there is no other, or it is somebody else's, it stays as it is.
     */
    static void share(Disk disk, Path made, Path like) throws IOException {
        Disk.Attributes model = disk.attributes(like);
        if (model == null || model.kind() != Disk.Kind.FILE) {
            return;
        }
        try {
            disk.resemble(made, model);
        } catch (Disk.NotOursException e) {
            // Nobody but the superuser gives files away. That the file itself cannot be replaced then is told where it
            // is.
        }
    }
}
