/** A file that is never loaded to its end. */
for (;;) Math.random();
