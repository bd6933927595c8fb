package dev.heartwood.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The standard output; it remembers why it did not take all of the result, which a {@code PrintWriter} does not tell. */
final class ResultOutput extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    ResultOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** The reason in words; null if it took everything, or if its reader wanted no more, such as head. */
    @Nullable
    String failure() {
        IOException e = failure;
        return e == null || String.valueOf(e.getMessage()).contains("Broken pipe") ? null : Input.reason(e);
    }
}
