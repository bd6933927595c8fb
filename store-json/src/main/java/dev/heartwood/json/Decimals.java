package dev.heartwood.json;

/** How a number with a point or an exponent is read. */
public enum Decimals {
    /** A {@code Double} where the shortest decimal of the nearest double says the number, else a {@code BigDecimal}. */
    SHORTEST,
    /** A {@code BigDecimal} always, with the scale that is written. */
    EXACT
}
