package dev.heartwood.storage;

import java.util.Locale;
import java.util.Set;

/** File systems whose locks, or syncs, depend on a server and its settings. */
public final class NetworkFileSystems {
    private static final Set<String> TYPES = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "afpfs",
            "9p",
            "ncpfs",
            "webdav",
            "davfs",
            "ceph",
            "lustre",
            "gpfs",
            "beegfs",
            "glusterfs",
            "vboxsf",
            "fuse.sshfs",
            "fuse.rclone",
            "fuse.s3fs",
            "fuse.glusterfs",
            "fuse.gcsfuse",
            "fuse.davfs",
            "fuse.vmhgfs-fuse");

    private NetworkFileSystems() {}

    /** Whether a type from {@link java.nio.file.FileStore#type} or {@code /proc/mounts} is one of them. */
    public static boolean include(String type) {
        return TYPES.contains(type.toLowerCase(Locale.ROOT));
    }
}
