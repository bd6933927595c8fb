package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFileSystemsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"nfs", "nfs4", "cifs", "SMB2", "smb3", "9p", "ceph", "vboxsf", "fuse.sshfs", "fuse.vmhgfs-fuse"})
    void networkFileSystemsAreKnown(String type) {
        assertThat(NetworkFileSystems.include(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "apfs", "NTFS", "zfs", "fuse.mergerfs"})
    void localFileSystemsAreKnown(String type) {
        assertThat(NetworkFileSystems.include(type)).isFalse();
    }
}
