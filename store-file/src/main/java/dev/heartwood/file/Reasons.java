package dev.heartwood.file;

import dev.heartwood.storage.IoErrors;

/** A short name for {@link IoErrors#inWords}. */
final class Reasons {
    private Reasons() {}

    /** Why something failed, with the file where that is known; to be put into a sentence. */
    static String of(Throwable failure) {
        return IoErrors.inWords(failure);
    }
}
