package dev.heartwood.stress.lincheck;

import java.util.Random;
import org.jetbrains.lincheck.datastructures.ParameterGenerator;
import org.jetbrains.lincheck.datastructures.RandomProvider;

/** One of two keys. */
public final class KeyGen implements ParameterGenerator<String> {
    private final Random random;

    /** As Lincheck makes it. */
    public KeyGen(RandomProvider random, String configuration) {
        this.random = random.createRandom();
    }

    static String other(String key) {
        return key.equals("a") ? "b" : "a";
    }

    @Override
    public String generate() {
        return random.nextBoolean() ? "a" : "b";
    }
}
