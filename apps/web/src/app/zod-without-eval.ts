import { config } from 'zod';

// zod would try whether it may compile its checks; the content security policy forbids that, and browsers report the try.
config({ jitless: true });
