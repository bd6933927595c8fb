package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads that wait for clients. */
class ClientWaitsTest {
    private final ClientWaits waits = new ClientWaits();

    private void lookForTooLong() {
        for (int i = 0; i <= ClientWaits.LOOKS; i++) {
            waits.look();
        }
    }

    @Test
    void aThreadThatHasWaitedForTooLongIsInterruptedAndGoesOnWithNothing() {
        waits.begin();
        lookForTooLong();

        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(waits::end).isInstanceOf(IOException.class);
    }

    @Test
    void aThreadIsInterruptedOnceForOneWait() {
        waits.begin();
        lookForTooLong();
        assertThat(Thread.interrupted()).isTrue();

        lookForTooLong();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aThreadAtWorkOfItsOwnIsLeftAlone() throws IOException {
        waits.begin();
        waits.end();
        lookForTooLong();

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aThreadWaitsFromTheBeginningOfItsTaskToTheEnd() {
        waits.watched(this::lookForTooLong).run();
        assertThat(Thread.interrupted()).isTrue();

        waits.watched(() -> {}).run();
        lookForTooLong();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aThreadThatHasNotWaitedForTooLongIsLeftAlone() throws IOException {
        waits.begin();
        for (int i = 0; i < ClientWaits.LOOKS; i++) {
            waits.look();
        }

        assertThat(Thread.interrupted()).isFalse();
        waits.end();
    }

    @Test
    void eachWaitHasTheWholeTime() throws IOException {
        for (int i = 0; i < 3; i++) {
            waits.begin();
            for (int j = 0; j < ClientWaits.LOOKS; j++) {
                waits.look();
            }
        }

        assertThat(Thread.interrupted()).isFalse();
        waits.end();
    }

    @Test
    void aLongAnswerIsWrittenInPartsThatEachHaveTheWholeTime() throws IOException {
        List<byte[]> parts = new ArrayList<>();
        OutputStream out = waits.output(new OutputStream() {
            @Override
            public void write(int octet) {
                throw new AssertionError();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                waits.end(); // throws, if the wait has not begun anew
                parts.add(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        });
        byte[] answer = new byte[150_000];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = (byte) (i / 1_000);
        }

        out.write(answer);

        assertThat(parts).extracting(part -> part.length).containsExactly(65_536, 65_536, 18_928);
        byte[] whole = new byte[answer.length];
        int done = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, done, part.length);
            done += part.length;
        }
        assertThat(whole).isEqualTo(answer);
    }
}
