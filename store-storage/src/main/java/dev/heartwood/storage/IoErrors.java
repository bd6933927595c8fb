package dev.heartwood.storage;

import dev.heartwood.StoreException;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/** I/O errors in words. The message of many of them is only a path, and their class says the rest. */
public final class IoErrors {
    /** The messages of Linux, macOS and Windows for a full disk, and a full quota. */
    private static final List<String> FULL = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "Disc quota exceeded",
            "There is not enough space on the disk",
            "Not enough quota is available");

    private IoErrors() {}

    /** The reason of a failure, with the file if it is known; to be put into a sentence. */
    public static String inWords(Throwable failure) {
        if (failure instanceof FileSystemException e) {
            if (e.getReason() == null) {
                return wordless(e);
            } else if (e.getOtherFile() != null) {
                return e.getOtherFile() + " could not be made from " + e.getFile() + ": " + e.getReason();
            }
        }
        boolean forPeople = failure instanceof IOException || failure instanceof StoreException;
        String message = failure.getMessage();
        return forPeople && message != null ? message : failure.toString();
    }

    /**
     * Whether something failed because a disk or a quota is full. It recognises the messages in English; for other
     * languages it returns false.
     */
    public static boolean isForLackOfRoom(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause instanceof IOException ? cause.getMessage() : null;
            if (message != null && FULL.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    private static String wordless(FileSystemException e) {
        // The file, or both of them.
        String files = e.getMessage();
        if (files == null) {
            return e.getClass().getSimpleName();
        } else if (e instanceof AccessDeniedException) {
            return "access denied to " + files + whose(e.getFile());
        } else if (e instanceof NoSuchFileException) {
            return (e.getOtherFile() == null ? missing(files) : files) + " does not exist";
        } else if (e instanceof FileAlreadyExistsException) {
            return files + " exists already";
        } else if (e instanceof DirectoryNotEmptyException) {
            return "the directory " + files + " is not empty";
        } else if (e instanceof NotDirectoryException) {
            return files + " is no directory";
        }
        return e.getClass().getSimpleName() + " at " + files;
    }

    /** The file, or the directory if that is missing, too: then the file was to be made there. */
    private static String missing(String file) {
        File directory = new File(file).getParentFile();
        return directory == null || directory.exists() ? file : "the directory " + directory;
    }

    private static String whose(String file) {
        try {
            String words = FilePermissions.inWords(Path.of(file));
            return words.isEmpty() ? "" : ": " + words;
        } catch (InvalidPathException e) {
            // Its name has letters that the locale lacks.
            return "";
        }
    }
}
