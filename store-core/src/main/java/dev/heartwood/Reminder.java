package dev.heartwood;

/**
 * Says that the next commit is to ring all followers, whomever it concerns: a round of one has ended in an error. To set it
 * is an assignment, which needs neither stack nor heap. It stands apart, so that a follower that is over holds no timeline.
 */
final class Reminder {
    volatile boolean set;
}
