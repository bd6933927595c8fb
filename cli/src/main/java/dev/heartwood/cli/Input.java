package dev.heartwood.cli;

import dev.heartwood.StoreIOException;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Text that a command reads. */
final class Input {
    /** Decimals stay as they are spelled; a store that keeps the shortest spelling shortens them itself. */
    static final JsonOptions JSON = Json.options().decimals(Decimals.EXACT);

    private Input() {}

    /**
     * Reads a whole file, or the standard input; without a line break at its end. The input must be UTF-8.
     *
     * @param what the name of the expected input, for a message: the patch
     * @throws StoreIOException if it cannot be read
     */
    static String text(@Nullable Path file, String what) {
        byte[] bytes = bytes(file, what);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.endsWith("\n") ? text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1)) : text;
        } catch (CharacterCodingException e) {
            throw new UsageException(
                    (file == null ? "the standard input" : file) + " is not text in UTF-8." + " Nothing was changed");
        }
    }

    private static byte[] bytes(@Nullable Path file, String what) {
        try {
            return file == null ? System.in.readAllBytes() : Files.readAllBytes(file);
        } catch (IOException e) {
            String from = file == null ? " from the standard input" : " " + file;
            boolean directory = file != null && Files.isDirectory(file);
            throw new StoreIOException(
                    "cannot read " + what + from + ": " + (directory ? "it is a directory" : reason(e))
                            + ". Nothing was changed",
                    e);
        }
    }

    /** Why a file could not be read or written, where the message of the exception is a path and no more. */
    static String reason(IOException e) {
        String message = e.getMessage();
        if (!(e instanceof FileSystemException failure) || failure.getReason() != null || message == null) {
            return message == null ? e.toString() : message;
        } else if (e instanceof NoSuchFileException) {
            return "there is no such file";
        } else if (e instanceof AccessDeniedException) {
            return "this user may not use it";
        } else if (e instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        return e.getClass().getSimpleName();
    }

    /** The same in a sentence that names the file. */
    static String sentence(IOException e) {
        return e instanceof FileSystemException failure && failure.getReason() == null && failure.getFile() != null
                ? failure.getFile() + ": " + reason(e)
                : reason(e);
    }
}
