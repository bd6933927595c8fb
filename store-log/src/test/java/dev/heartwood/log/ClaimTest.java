package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Position;
import org.junit.jupiter.api.Test;

/** The rules by which an engine keeps one claim, and the texts of claims and positions. */
class ClaimTest {
    private static final Claim HELD = claim("far", 100, 5);

    @Test
    void theClaimOfTheLongestStreakIsKept() {
        assertThat(Claim.kept(HELD, claim("other", 101, 6))).isEqualTo(claim("other", 101, 6));
        assertThat(Claim.kept(HELD, claim("other", 101, 5))).isSameAs(HELD);
        assertThat(Claim.kept(HELD, null)).isSameAs(HELD);
        assertThat(Claim.kept(null, HELD)).isSameAs(HELD);
        assertThat(Claim.kept(null, null)).isNull();
    }

    @Test
    void aClaimIsVoidOnceTheLogHasGoneOnFor512Entries() {
        assertThat(Claim.kept(HELD, claim("other", 612, 1))).isSameAs(HELD);
        assertThat(Claim.kept(HELD, claim("other", 613, 1))).isEqualTo(claim("other", 613, 1));
        assertThat(Claim.afterWin(HELD, new Position(612, "other:1"))).isSameAs(HELD);
        assertThat(Claim.afterWin(HELD, new Position(613, "other:1"))).isNull();
    }

    @Test
    void aWriterRenewsItsOwnClaimAfter32Entries() {
        assertThat(Claim.kept(HELD, claim("far", 132, 9))).isSameAs(HELD);
        assertThat(Claim.kept(HELD, claim("far", 133, 6))).isEqualTo(claim("far", 133, 6));
    }

    @Test
    void aClaimIsSettledWhenItsWriterWins() {
        assertThat(Claim.afterWin(HELD, new Position(101, "far:7"))).isNull();
        assertThat(Claim.afterWin(HELD, new Position(101, "farther:7"))).isSameAs(HELD);
        assertThat(Claim.afterWin(null, new Position(101, "far:7"))).isNull();
    }

    @Test
    void theTextOfAClaimIsReadWithWhatALaterVersionAdds() {
        assertThat(Claim.parse(HELD.toString())).isEqualTo(HELD);
        assertThat(Claim.parse(HELD + " more words")).isEqualTo(HELD);
        assertThatThrownBy(() -> Claim.parse("far 1 2 3")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTextOfAPositionIsRead() {
        Position at = new Position(7, "writer: 1");

        assertThat(Position.parse(at.toString())).isEqualTo(at);
        assertThatThrownBy(() -> Position.parse("7")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Claim claim(String writer, long number, int losses) {
        return new Claim(writer, 1, number, 250, losses);
    }
}
