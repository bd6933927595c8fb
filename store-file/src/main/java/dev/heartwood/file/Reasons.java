package dev.heartwood.file;

import dev.heartwood.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What failed, in words. The message of many errors of file systems is a path, and the rest is in their class. */
final class Reasons {
    private Reasons() {}

    /** Why something failed, with the file where that is known; to be put into a sentence. */
    public static String of(Throwable failure) {
        if (failure instanceof FileSystemException e && e.getReason() == null) {
            return wordless(e);
        }
        boolean forPeople = failure instanceof IOException || failure instanceof StoreException;
        String message = failure.getMessage();
        return forPeople && message != null ? message : failure.toString();
    }

    private static String wordless(FileSystemException e) {
        // The file, or both of them.
        String files = e.getMessage();
        if (files == null) {
            return e.getClass().getSimpleName();
        } else if (e instanceof AccessDeniedException) {
            return "access denied to " + files;
        } else if (e instanceof NoSuchFileException) {
            return "no such file: " + files;
        } else if (e instanceof FileAlreadyExistsException) {
            return files + " exists already";
        } else if (e instanceof DirectoryNotEmptyException) {
            return "the directory " + files + " is not empty";
        } else if (e instanceof NotDirectoryException) {
            return files + " is no directory";
        }
        return e.getClass().getSimpleName() + " at " + files;
    }
}
