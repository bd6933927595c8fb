package dev.heartwood.json;

/** The way in which a number with a point or an exponent is read. */
public enum Decimals {
    /**
     * A {@code Double} if the shortest decimal of the nearest double equals the number, otherwise a {@code BigDecimal}.
     */
    SHORTEST,
    /**
     * A {@code BigDecimal}, with the written scale. Only a zero with a minus sign, which a {@code BigDecimal} cannot hold, is
     * the {@code Double} -0.0.
     */
    EXACT
}
