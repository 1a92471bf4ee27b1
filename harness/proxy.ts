/** `shaketable/proxy`: the fault proxy as a library, so that who has the lab needs no second package. */

export * from 'shaketable-proxy';
