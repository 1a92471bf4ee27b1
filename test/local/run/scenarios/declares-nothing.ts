export const nothing = 'is declared here';
