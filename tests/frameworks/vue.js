// The page of `build.mjs`, with Vue.
import { createApp } from 'vue/dist/vue.esm-bundler.js';
import { START, shuffled } from './start.js';

createApp({
  data: () => ({ ...START, turn: 0 }),
  computed: {
    state() {
      const { turn, ...state } = this.$data;
      return JSON.stringify({ ...state, count: String(state.count) });
    },
  },
  methods: {
    shuffle() {
      this.items = shuffled(this.items);
    },
  },
  template: `
    <form :key="turn" @submit.prevent="sent += 1">
      <label>Name <input id="name" v-model="name"></label>
      <label>Note <textarea id="note" v-model="note"></textarea></label>
      <label>Colour <select id="colour" v-model="colour"><option value="red">red</option><option value="green">green</option><option value="blue">blue</option></select></label>
      <label><input type="checkbox" id="terms" v-model="terms">I agree</label>
      <label v-for="value in ['small', 'large']"><input type="radio" name="size" :id="'size-' + value" :value="value" v-model="size">{{ value }}</label>
      <label>Count <input type="number" id="count" v-model="count"></label>
      <button id="send">Send</button>
      <button id="shuffle" type="button" @click="shuffle">Shuffle</button>
      <button id="again" type="button" @click="turn += 1">Render again</button>
      <ul><li v-for="item in items" :key="item" :id="'item-' + item">{{ item }}</li></ul>
      <pre id="state">{{ state }}</pre>
    </form>`,
}).mount('#app');
